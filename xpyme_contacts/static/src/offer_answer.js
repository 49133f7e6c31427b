import {Activity} from "@mail/core/web/activity";
import {patch} from "@web/core/utils/patch";

// A customer's answer to an offer becomes a quotation or a withdrawal in one click.
patch(Activity.prototype, {
    async onOfferAnswer(method) {
        const {thread} = this;
        const {action, orm} = this.env.services;
        const {id} = this.props.activity;
        const result = await orm.call("mail.activity", method, [[id]]);
        this.props.onActivityChanged(thread);
        if (result.type) {
            action.doAction(result);
        }
    },
});
