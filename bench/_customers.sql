-- Customers of a large shop, made up: %(count)s of them, every tenth with two contacts.
-- The columns of the customer file are filled only where they exist.
WITH words AS (
    SELECT string_to_array('Panadería Ferretería Taller Bazar Librería Farmacia '
               'Comercial Transportes Viñedos Maderas Imprenta Óptica Botillería '
               'Lavandería Carnicería Zapatería Gráfica Eléctrica Hotel Café', ' ') AS trades,
           string_to_array('Riquelme Muñoz Soto Ferrer Zúñiga Bofill Carrasco Puig '
               'Sepúlveda Vergara Núñez Poblete Casals Oyarzún Henríquez Leiva Roca '
               'Tapia Gálvez Bustos Mas Urrutia Ibáñez Fuentealba Neira Sanhueza Vidal '
               'Cifuentes Arriagada Pons Quezada Serra Yáñez Jara Garrido Melo Ripoll '
               'Saavedra Ulloa Villalobos', ' ') AS surnames,
           string_to_array('ba ce di fo gu la me ni po ru sa te vi xo zu bra cle dri '
               'flo gru', ' ') AS syllables
), numbered AS (
    SELECT n, %(first)s + n AS id, (50000000 + n * 37)::text AS body,
           CASE WHEN n %% 2000 = 777 THEN 'Kiosko ' ELSE '' END
               || trades[1 + n %% 20] || ' ' || surnames[1 + n / 20 %% 40] || ' '
               || surnames[1 + n / 800 %% 40] || ' '
               || CASE WHEN n %% 2 = 0 THEN 'Ltda.' ELSE 'S.A.' END AS name,
           initcap(syllables[1 + n %% 20] || syllables[1 + n / 20 %% 20]
               || syllables[1 + n / 400 %% 20] || syllables[1 + n / 8000 %% 20]) AS trade
      FROM words, generate_series(1, %(count)s) AS n
), customers AS (
    SELECT n, id, NULL::int AS parent_id, id AS customer_id, name, name AS complete_name,
           trade, 1 AS customer_rank, TRUE AS is_company, n::text AS ref,
           body || '-' || substr('0K987654321', 1 + (
               3 * substr(body, 1, 1)::int + 2 * substr(body, 2, 1)::int
               + 7 * substr(body, 3, 1)::int + 6 * substr(body, 4, 1)::int
               + 5 * substr(body, 5, 1)::int + 4 * substr(body, 6, 1)::int
               + 3 * substr(body, 7, 1)::int + 2 * substr(body, 8, 1)::int
           ) %% 11, 1) AS vat,
           CASE n %% 40
               WHEN 0 THEN NULL
               WHEN 1 THEN 'no tiene'
               WHEN 2 THEN 'compras@duplicado' || n %% 900 || '.example'
               WHEN 3 THEN 'Compras <Compras@' || lower(trade) || n || '.example>; pagos@'
                   || lower(trade) || n || '.example'
               ELSE 'ventas@' || lower(trade) || n || '.example'
           END AS email
      FROM numbered
), contacts AS (
    SELECT n, %(first)s + %(count)s + n * 2 + which AS id, id AS parent_id,
           id AS customer_id, person AS name, name || ', ' || person AS complete_name,
           NULL AS trade, 0 AS customer_rank, FALSE AS is_company, NULL AS ref,
           NULL AS vat, 'persona' || which || '@' || lower(trade) || n || '.example'
      FROM customers,
           LATERAL (VALUES (0, name), (1, 'Andrés ' || trade)) AS people(which, person)
     WHERE n %% 10 = 0
)
INSERT INTO res_partner
       (id, parent_id, commercial_partner_id, name, complete_name, customer_rank,
        is_company, ref, vat, email, email_normalized, phone, phone_sanitized, mobile,
        street, city, lang, type, active, autopost_bills, create_date, write_date
        %(own)s)
SELECT id, parent_id, customer_id, name, complete_name, customer_rank,
       is_company, ref, vat, email,
       CASE WHEN email LIKE '%%@%%' AND email NOT LIKE '%%<%%' THEN email END,
       '+56 41 2' || lpad((n * 7 %% 1000000)::text, 6, '0'),
       '+56412' || lpad((n * 7 %% 1000000)::text, 6, '0'),
       CASE WHEN n %% 3 = 0 THEN '+56 9 8' || lpad((n * 11 %% 10000000)::text, 7, '0') END,
       'Calle Barros Arana ' || n, 'Concepción', 'en_US', 'contact', TRUE, 'ask',
       now(), now()
       %(own_values)s
  FROM (TABLE customers UNION ALL TABLE contacts) AS partners
