"""Run in ``odoo shell``: what Odoo tells the tax office of an invoice of 100.00, for
each agreement of a customer."""
# ruff: noqa: F821 -- odoo shell provides env

import json

from odoo import Command

charts = env["account.chart.template"]
company = env.company
company.write({"vat": "ESB01795483", "street": "Rutlla 3", "city": "Girona"})
company.write({"zip": "17002", "l10n_es_edi_verifactu_required": True})
tax = charts.ref("account_tax_template_s_iva21b")
article = env["product.product"].create(
    {"name": "Clavos", "type": "service", "taxes_id": [Command.set(tax.ids)]}
)
AGREEMENTS = {
    "plain": {},
    "recargo": {"equivalence_surcharge": True},
    "irpf on base": {"irpf_percent": 15},
    "irpf on total": {"irpf_percent": 15, "irpf_base": "total"},
    "both": {"equivalence_surcharge": True, "irpf_percent": 15},
    "both, on total": {
        "equivalence_surcharge": True,
        "irpf_percent": 15,
        "irpf_base": "total",
    },
}


def invoice(name, agreement):
    customer = env["res.partner"].create(
        {
            "name": name,
            "is_company": True,
            "customer_rank": 1,
            "vat": "ESA58818501",
            "country_id": env.ref("base.es").id,
            "street": "Nou 12",
            "zip": "17001",
            "city": "Girona",
            "state_id": env.ref("base.state_es_gi").id,
            **agreement,
        }
    )
    line = {"product_id": article.id, "price_unit": 100, "quantity": 1}
    move = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "invoice_date": "2026-03-02",
            "invoice_line_ids": [Command.create(line)],
        }
    )
    move.action_post()
    return move


def tell(move):
    documents = env["l10n_es_edi_verifactu.document"]
    values = move._l10n_es_edi_verifactu_get_record_values()
    errors = values["errors"] or documents._check_record_values(values)
    amounts = documents._render_vals_monetary_amounts(values)
    (details,) = amounts["Desglose"]["DetalleDesglose"]
    formats = env["account.edi.format"]
    reported = formats._l10n_es_edi_get_invoices_tax_details_info(move)
    (sii,) = formats._l10n_es_edi_get_invoices_info(move)
    template, _signature = move._l10n_es_edi_facturae_export_facturae()
    (facturae,) = template["Invoices"]
    return {
        "total": move.amount_total,
        "errors": errors,
        "verifactu": {
            name: amounts.get(name) or details.get(name)
            for name in (
                *("ImporteTotal", "CuotaTotal", "ClaveRegimen", "CuotaRepercutida"),
                *("TipoRecargoEquivalencia", "CuotaRecargoEquivalencia"),
            )
        },
        "sii": {
            "total": sii["FacturaExpedida"]["ImporteTotal"],
            "withheld": round(reported["tax_amount_retention"], 2),
        },
        "facturae": {
            "outputs": round(facturae["TotalTaxOutputs"], 2),
            "withheld": round(facturae["TotalTaxesWithheld"], 2),
            "total": facturae["InvoiceTotal"],
        },
    }


def tell_period():
    """What Facturae says of two deliveries to a customer who is debited."""
    method = env["account.payment.method.line"].create(
        {
            "name": "Recibo domiciliado",
            "payment_method_id": env.ref(
                "account_payment_sepa_direct_debit.sepa_direct_debit"
            ).id,
            "journal_id": env["account.journal"].search([("type", "=", "bank")])[0].id,
        }
    )
    debited = {
        "invoice_grouping_mode": "group",
        "property_inbound_payment_method_line_id": method.id,
    }
    customer = invoice("Domiciliado", debited).partner_id
    line = {"product_id": article.id, "price_unit": 100}
    orders = env["sale.order"].create(
        [
            {"partner_id": customer.id, "order_line": [Command.create(line)]}
            for _number in range(2)
        ]
    )
    orders.action_confirm()
    for order, day in zip(orders, ("2026-03-20", "2026-03-04"), strict=True):
        order.date_order = f"{day} 12:00:00"
    orders.order_line.qty_delivered = 1
    move = orders._create_invoices()
    move.invoice_date = "2026-03-31"
    move.action_post()
    template, _signature = move._l10n_es_edi_facturae_export_facturae()
    (facturae,) = template["Invoices"]
    period = facturae["InvoiceIssueData"]["InvoicingPeriod"]
    return {**period, "means": move.l10n_es_payment_means}


told = {name: tell(invoice(name, each)) for name, each in AGREEMENTS.items()}
told["period"] = tell_period()
print("RECORDS " + json.dumps(told, default=str))
