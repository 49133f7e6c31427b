// What the tests of the till ask of an open session.
window.till = {
    get order() {
        return posmodel.getOrder();
    },
    customer: (id) => posmodel.models["res.partner"].get(id),
    article: (id) => posmodel.models["product.product"].get(id),
    begin() {
        posmodel.addNewOrder();
        this.show();
    },
    show() {
        posmodel.navigate("ProductScreen", {orderUuid: this.order.uuid});
        posmodel.mobile_pane = "left";
    },
    async ring(...ids) {
        for (const id of ids) {
            const article = this.article(id);
            await posmodel.addLineToCurrentOrder(
                {product_id: article, product_tmpl_id: article.product_tmpl_id},
                {}
            );
        }
    },
    async choose(id) {
        await posmodel.setPartnerToCurrentOrder(this.customer(id));
        await this.settled();
    },
    scan: (code) => posmodel.barcodeReader.scan(code),
    // Prices of a customer come after them: wait until nothing is on its way.
    async settled() {
        for (let quiet = 0; quiet < 2; quiet++) {
            await new Promise((resolve) => setTimeout(resolve, 100));
            if (this.asked.size) {
                quiet = -1;
            }
        }
    },
    asked: new Set(),
    lines() {
        return this.order.lines.map((line) => ({
            article: line.product_id.id,
            quantity: line.qty,
            price: line.price_unit,
            discount: line.discount,
            total: line.prices.total_included_currency,
        }));
    },
    get total() {
        return Math.round(this.order.priceIncl * 100) / 100;
    },
    pricelist(id) {
        return posmodel.selectPricelist(posmodel.models["product.pricelist"].get(id));
    },
    setPrice(index, price) {
        const line = this.order.lines[index];
        line.price_type = "manual";
        line.setUnitPrice(price);
    },
    state(uuid) {
        const order = posmodel.models["pos.order"].getBy("uuid", uuid);
        return order && {state: order.state, payments: order.payment_ids.length};
    },
};

const {execute} = posmodel.data;
posmodel.data.execute = function () {
    const asking = execute.apply(this, arguments);
    till.asked.add(asking);
    const answered = () => till.asked.delete(asking);
    asking.then(answered, answered);
    return asking;
};

// What a script ends with is called, if it is a function.
undefined;
