

_SUMMARY = """
    SELECT (SELECT max(sent_at) FROM xpyme_offer
             WHERE partner_id = card.id AND company_id = %(company)s),
           (SELECT array_agg(box.email)
              FROM unnest(%(owners)s::int[], %(emails)s::text[]) AS box(owner, email)
             WHERE box.owner = card.number - 1 AND %(last)s = 'withdrawn')
      FROM unnest(%(ids)s::int[]) WITH ORDINALITY AS card(id, number)
     ORDER BY card.number
"""
