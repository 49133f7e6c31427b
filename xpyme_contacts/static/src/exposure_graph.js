import {graphView} from "@web/views/graph/graph_view";
import {GraphRenderer} from "@web/views/graph/graph_renderer";
import {registry} from "@web/core/registry";

// Red is what should have been paid, whatever else stands in the graph.
const COLORS = {
    overdue: "#b02a37",
    open: "#1f7a4d",
    draft: "#e0a100",
    order: "#2f6fb5",
    refund: "#7a7f87",
};

/** Debts by age: each item in its colour, and no line that joins the sums of the bars. */
export class ExposureGraphRenderer extends GraphRenderer {
    getBarChartData() {
        super.getBarChartData();
        const {data} = this.model;
        for (const dataset of data.datasets) {
            const told = JSON.stringify(dataset.domains || []);
            const code = Object.keys(COLORS).find((item) =>
                told.includes(`["code","=","${item}"]`)
            );
            if (code) {
                dataset.backgroundColor = COLORS[code];
            }
        }
        return data;
    }
}

registry.category("views").add("xpyme_exposure_graph", {
    ...graphView,
    Renderer: ExposureGraphRenderer,
});
