/* What a person, or a reader of the screen, finds on the page now. */
async () => {
    const modals = document.querySelectorAll(".modal:not(.o_inactive_modal)");
    const scope = modals.length ? modals[modals.length - 1] : document.body;
    const isSeen = (node) => node.checkVisibility({visibilityProperty: true});
    const all = (selector) => [...scope.querySelectorAll(selector)].filter(isSeen);

    /* Every text, and what stands in a field or is told on pointing at it. */
    const lines = new Set(scope.innerText.split("\n"));
    for (const node of all("[placeholder], [title], [aria-label], [data-tooltip]")) {
        for (const name of ["placeholder", "title", "aria-label", "data-tooltip"]) {
            lines.add(node.getAttribute(name) || "");
        }
    }
    for (const node of all("input:not([type=checkbox], [type=radio]), textarea")) {
        node.value.split("\n").forEach((line) => lines.add(line));
    }
    for (const node of all("select")) {
        lines.add(node.selectedOptions[0]?.text || "");
    }
    for (const popover of document.querySelectorAll(".o_popover, .o-dropdown--menu")) {
        popover.innerText.split("\n").forEach((line) => lines.add(line));
    }

    /* Numbers, amounts, dates, telephones: cut off by what stands around them. */
    const FIGURES = "[\\s$€%UF()+−\\-–.,:/\\d]*\\d[\\s$€%UF()+−\\-–.,:/\\d…]*";
    const MONTHS = "ene|feb|mar|abr|may|jun|jul|ago|sept?|oct|nov|dic";
    const DATE = `\\d{1,2} (?:${MONTHS})\\b[\\s\\d.,:apm…]*`;
    const NUMBER = new RegExp(`^(?:${FIGURES}|${DATE})$`);
    const cut = {};
    const blame = (node, value) => {
        const place = node.closest("[name]")?.getAttribute("name") || node.className;
        (cut[place] ||= []).push(value);
    };
    const getClipper = (node) => {
        let at = node;
        while (at && at !== scope) {
            const {overflowX, textOverflow} = getComputedStyle(at);
            if (["hidden", "clip"].includes(overflowX) || textOverflow === "ellipsis") {
                return at;
            }
            if (["auto", "scroll"].includes(overflowX)) {
                return null;
            }
            at = at.parentElement;
        }
        return null;
    };
    const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode;
        const value = text.data.trim();
        const node = text.parentElement;
        if (!value || !NUMBER.test(value) || !isSeen(node)) {
            continue;
        }
        const clipper = getClipper(node);
        const range = document.createRange();
        range.selectNodeContents(text);
        const own = range.getBoundingClientRect();
        const around = clipper?.getBoundingClientRect();
        if (!own.width || node.closest(".visually-hidden, .sr-only, .opacity-0")) {
            continue;
        }
        if (
            value.endsWith("…") ||
            (around &&
                around.width > 1 &&
                (own.right > around.right + 1.5 || own.left < around.left - 1.5))
        ) {
            blame(node, value);
        }
    }
    const pen = document.createElement("canvas").getContext("2d");
    for (const node of all("input:not([type=checkbox], [type=radio])")) {
        const style = getComputedStyle(node);
        const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
        pen.font = style.font;
        const width = pen.measureText(node.value).width;
        if (NUMBER.test(node.value) && width > node.clientWidth - padding + 1.5) {
            blame(node, node.value);
        }
    }

    /* Nothing where something should be. */
    const FILLED = [
        ".o_data_row",
        ".o_group_header",
        ".o_kanban_record:not(.o_kanban_ghost)",
        ".o_pivot_cell_value",
        ".o_graph_renderer canvas",
        ".fc-event",
        ".o_activity_record",
        ".o_form_view",
    ].join(",");
    let empty = "";
    const views = all(".o_view_controller");
    if (!all(FILLED).length && !modals.length) {
        empty = views[views.length - 1]?.className || "no view";
    }
    for (const pane of all(".o_notebook_content > .tab-pane.active")) {
        const fields = pane.querySelectorAll(
            "input, textarea, select, img, canvas, iframe, [contenteditable]"
        );
        if (!pane.innerText.trim() && ![...fields].some(isSeen)) {
            empty = `tab ${pane.innerHTML.slice(0, 200)}`;
        }
    }

    /* Fields that a reader of the screen cannot name. */
    const OF_ODOO = [
        ".o_list_table td",
        ".o_list_record_selector",
        ".o_calendar_sidebar",
        ".o_field_binary",
    ];
    const include = [modals.length ? ".modal:not(.o_inactive_modal)" : ".o_content"];
    if (!document.querySelector(include[0])) {
        // The core's screens are in it, except for one that could not be drawn.
        include[0] = "body";
    }
    const exclude = OF_ODOO.filter((one) => document.querySelector(one));
    const found = await axe.run(
        {include, exclude: exclude.map((one) => [one])},
        {
            runOnly: ["label", "select-name"],
            resultTypes: ["violations"],
        }
    );
    const unlabelled = found.violations.flatMap(({nodes}) =>
        nodes.map(({target, html}) => {
            const node = document.querySelector(target[0]);
            const place = node?.closest("[name]")?.getAttribute("name");
            return [place || "", html.replace(/ style="[^"]*"/, "").slice(0, 200)];
        })
    );
    const errors = [
        ...document.querySelectorAll(
            ".o_error_dialog, .o_notification:has(.bg-danger), .o_notification.border-danger"
        ),
    ].map((node) => node.innerText.replaceAll("\n", " "));
    const wide = document.documentElement.scrollWidth;
    return {
        lines: [...lines].map((line) => line.trim()).filter(Boolean),
        cut,
        empty,
        unlabelled,
        errors,
        wide: wide > document.documentElement.clientWidth + 1 ? wide : 0,
    };
};
