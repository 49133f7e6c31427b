-- The least that PostgreSQL can do for the same figures of one company, without tax
-- ids, companies' currencies, delivered quantities, down payments or online payments:
-- what risk.py measures ours against.
SELECT partner.id,
       (partner.credit_limit ->> %(company_key)s)::numeric AS granted,
       (partner.internal_credit_limit ->> %(company_key)s)::numeric AS internal,
       COALESCE(posted.not_due, 0) AS not_due,
       COALESCE(posted.overdue, 0) AS overdue,
       COALESCE(posted.refund, 0) AS refund,
       COALESCE(draft.amount, 0) AS draft,
       COALESCE(ordered.amount, 0) AS ordered,
       COALESCE(posted.not_due, 0) + COALESCE(posted.overdue, 0)
       + COALESCE(posted.refund, 0) + COALESCE(draft.amount, 0)
       + COALESCE(ordered.amount, 0) AS debt
  FROM res_partner partner
  LEFT JOIN (
    SELECT line.partner_id,
           SUM(line.amount_residual) FILTER (
               WHERE line.amount_residual > 0 AND line.date_maturity >= %(today)s
           ) AS not_due,
           SUM(line.amount_residual) FILTER (
               WHERE line.amount_residual > 0 AND line.date_maturity < %(today)s
           ) AS overdue,
           SUM(line.amount_residual) FILTER (WHERE line.amount_residual < 0) AS refund
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
     WHERE account.account_type = 'asset_receivable'
       AND line.parent_state = 'posted'
       AND line.reconciled IS NOT TRUE
       AND line.company_id = %(company)s
     GROUP BY line.partner_id
  ) posted ON posted.partner_id = partner.id
  LEFT JOIN (
    SELECT commercial_partner_id, SUM(amount_residual_signed) AS amount
      FROM account_move
     WHERE state = 'draft'
       AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')
       AND company_id = %(company)s
     GROUP BY commercial_partner_id
  ) draft ON draft.commercial_partner_id = partner.id
  LEFT JOIN (
    SELECT sold.partner_invoice_id, SUM(sold.amount) AS amount
      FROM (
        SELECT so.partner_invoice_id,
               ROUND(SUM(line.price_total * (line.product_uom_qty - line.qty_invoiced)
                         / NULLIF(line.product_uom_qty, 0)) / so.currency_rate, 2)
               AS amount
          FROM sale_order so
          JOIN sale_order_line line ON line.order_id = so.id
         WHERE so.state = 'sale'
           AND so.invoice_status != 'invoiced'
           AND so.company_id = %(company)s
         GROUP BY so.id
      ) sold
     GROUP BY sold.partner_invoice_id
  ) ordered ON ordered.partner_invoice_id = partner.id
 WHERE partner.id = ANY(%(ids)s)
