"""What a column of a file may be, and the words by which people know it.

The words are those of the seeds, of the old programs' screens and of their exports, in
Spanish and in English, folded (see ``headings.fold``). Technical headings of a program
are known by its layout (``xpyme.movein.layout``), and no word of them is guessed.
"""

from collections import namedtuple

CUSTOMERS, CONTACTS, ADDRESSES = "customers", "contacts", "addresses"
PRICES, FAMILIES, LEAVES = "prices", "family_discounts", "leaves"
KINDS = (CUSTOMERS, CONTACTS, ADDRESSES, PRICES, FAMILIES, LEAVES)
OF_CUSTOMERS = (CONTACTS, ADDRESSES, PRICES, FAMILIES, LEAVES)

# How its cells are read: a name of ``models/conversion.py``.
TEXT, NUMBER, COUNT, DATE, FLAG = "text", "number", "count", "date", "flag"
# A record that is made if there is none of the name; one that has to be there.
NAMED, FOUND = "named", "found"
OTHER = "other"

Target = namedtuple("Target", "code kinds reading words")


def _target(code, kinds, reading, words=""):
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    return Target(code, kinds, reading, tuple(words.split()))


_PERSONS = (CUSTOMERS, CONTACTS, ADDRESSES)
_PLACES = (CUSTOMERS, ADDRESSES)
_NAMES = (
    "nombre nombrefiscal razonsocial nombreorazonsocial nombrerazonsocial name"
    " fiscalname denominacion nombrecliente titular nombrecompleto"
)

TARGETS = (
    # Who
    _target(
        "code",
        CUSTOMERS,
        OTHER,
        "codigo cod codcliente codigocliente codigodecliente ncliente nocliente"
        " numerocliente numerodecliente codigocli clientecodigo code customercode"
        " number reference referencia ref idcliente",
    ),
    _target("code", (CONTACTS, ADDRESSES), OTHER, "codigo cod code"),
    _target(
        "customer",
        (CONTACTS, ADDRESSES),
        OTHER,
        "codcliente codigocliente codigodecliente cliente codigodelcliente ncliente"
        " nocliente customer customercode",
    ),
    _target(
        "customer",
        (PRICES, FAMILIES, LEAVES),
        OTHER,
        "cliente codigo cod codcliente codigocliente codigodecliente ncliente"
        " nocliente customer customercode code",
    ),
    _target(
        "vat",
        KINDS,
        OTHER,
        "cif nif cifnif nifcif cifdni nifdni dni rut rutcliente run vat taxid vatnumber"
        " identificacionfiscal rutempresa contactnif nifdelcliente cifdni",
    ),
    _target("name", _PLACES, TEXT, _NAMES),
    _target("name", CONTACTS, TEXT, _NAMES + " nombrecontacto"),
    _target("surname", (CUSTOMERS, CONTACTS), OTHER, "apellidos apellido surname"),
    _target(
        "trade_name",
        CUSTOMERS,
        TEXT,
        "nombrecomercial comercial tradename nombredefantasia fantasia nombrefantasia",
    ),
    _target("customer_type_id", CUSTOMERS, NAMED, "tipo tipodecliente tipocliente"),
    _target(
        "registration_date",
        CUSTOMERS,
        DATE,
        "fechaalta fechadealta alta registeredon fechaingreso",
    ),
    _target("deregistration_date", CUSTOMERS, DATE, "fechabaja fechadebaja"),
    _target("is_blocked", CUSTOMERS, FLAG, "baja bloqueado novender blocked"),
    _target("is_active", CUSTOMERS, OTHER, "activo vigente active"),
    _target("state_number", CUSTOMERS, OTHER),
    _target("activity", CUSTOMERS, OTHER, "giro rubro actividad activity"),
    # Where
    _target(
        "street",
        _PLACES,
        TEXT,
        "direccion domicilio calle address street direccion1 domiciliofiscal",
    ),
    _target("street2", _PLACES, TEXT, "direccion2 calle2 street2 domicilio2"),
    _target("zip", _PLACES, TEXT, "cp codpostal codigopostal postalcode zip zipcode"),
    _target(
        "city", _PLACES, TEXT, "poblacion localidad ciudad comuna municipio city town"
    ),
    _target("state_id", _PLACES, OTHER, "provincia region province estado state"),
    _target("country_id", _PLACES, OTHER, "pais country nacion"),
    _target("address_type", ADDRESSES, OTHER, "tipo tipodedireccion type"),
    # How they are reached
    _target(
        "phone",
        _PERSONS,
        OTHER,
        "telefono telefono1 tel tel1 tfno tlf fono phone phone1 telefonos",
    ),
    _target("phone2", CUSTOMERS, TEXT, "telefono2 tel2 phone2 otrotelefono"),
    _target("phone_extension", (CUSTOMERS, CONTACTS), TEXT, "extension ext"),
    _target("mobile", _PERSONS, TEXT, "movil telefonomovil celular mobile"),
    _target("fax", CUSTOMERS, TEXT, "fax"),
    _target(
        "email",
        _PERSONS,
        OTHER,
        "email correo correoelectronico emailcliente mail emailcontacto",
    ),
    _target(
        "document_email",
        CUSTOMERS,
        OTHER,
        "emaildocumentos emailfacturacion emaildte emailfacturas emaildefacturacion",
    ),
    _target("website", CUSTOMERS, TEXT, "web paginaweb website sitioweb"),
    _target("no_mailing", CUSTOMERS, FLAG, "nomailing noenviarpublicidad"),
    _target(
        "advertising",
        CUSTOMERS,
        OTHER,
        "aceptapublicidad consentimientopublicidad publicidad autorizapublicidad"
        " consentimiento",
    ),
    # Contacts
    _target(
        "contact_name",
        CUSTOMERS,
        TEXT,
        "contacto personadecontacto personacontacto nombrecontacto contactperson"
        " contactname",
    ),
    _target("contact_phone", CUSTOMERS, TEXT, "telefonocontacto telefonodelcontacto"),
    _target("contact_function", CUSTOMERS, TEXT, "cargocontacto cargodelcontacto"),
    *(
        _target(f"contact_{number}_{what}", CUSTOMERS, OTHER)
        for number in range(1, 6)
        for what in ("name", "phone", "email")
    ),
    _target("function", CONTACTS, TEXT, "cargo puesto function jobtitle departamento"),
    # Bank
    _target("iban", CUSTOMERS, OTHER, "iban codigoiban cuentabancaria"),
    _target("bic", CUSTOMERS, OTHER, "swift bic codigoswift"),
    _target("bank_name", CUSTOMERS, OTHER, "banco nombredelbanco entidadbancaria bank"),
    _target("bank_entity", CUSTOMERS, OTHER, "entidad codigoentidad"),
    _target("bank_branch", CUSTOMERS, OTHER, "sucursal oficina agencia"),
    _target("bank_digits", CUSTOMERS, OTHER, "dc digitosdecontrol digitocontrol"),
    _target("bank_account", CUSTOMERS, OTHER, "cuenta numerodecuenta ncuenta ccc"),
    # Invoices
    _target("customer_route_id", CUSTOMERS, NAMED, "ruta route"),
    _target("sales_region_id", CUSTOMERS, NAMED, "regiondeventas zona"),
    _target("category_id", CUSTOMERS, NAMED, "etiquetas tags"),
    _target("payment_days", CUSTOMERS, OTHER, "diasdepago diapago diasdepagos"),
    *(
        _target(f"payment_day_{n}", CUSTOMERS, OTHER, f"diapago{n} diadepago{n}")
        for n in (1, 2, 3)
    ),
    _target("leave_from", CUSTOMERS, OTHER, "iniciovacaciones vacacionesdesde"),
    _target("leave_to", CUSTOMERS, OTHER, "finvacaciones vacacioneshasta"),
    *(
        _target(f"discount_{n}", CUSTOMERS, OTHER, f"descuento{n} dto{n}")
        for n in (1, 2, 3)
    ),
    _target(
        "property_payment_term_id",
        CUSTOMERS,
        FOUND,
        "formadepago formapago condicionesdepago condicionespago plazodepago"
        " paymentterms",
    ),
    _target(
        "property_product_pricelist",
        CUSTOMERS,
        FOUND,
        "tarifa tarifadeventa tarifaventa tarifadeprecios pricelist",
    ),
    _target(
        "user_id",
        CUSTOMERS,
        FOUND,
        "representante agente vendedor agentecomercial salesperson agent",
    ),
    _target("invoice_copies", CUSTOMERS, COUNT, "copias copiasdefactura"),
    _target("minimum_consumption", CUSTOMERS, NUMBER, "consumominimo minimodeconsumo"),
    _target(
        "equivalence_surcharge",
        CUSTOMERS,
        FLAG,
        "recargo recargodeequivalencia recargoequivalencia re",
    ),
    _target("irpf_percent", CUSTOMERS, NUMBER, "irpf retencion porcentajeirpf"),
    # Debt
    _target(
        "credit_limit",
        CUSTOMERS,
        NUMBER,
        "riesgo riesgoconcedido limitederiesgo limitedecredito limitecredito"
        " creditlimit",
    ),
    _target("internal_credit_limit", CUSTOMERS, NUMBER, "limiteinterno"),
    _target("risk_by_vat", CUSTOMERS, FLAG, "porcif"),
    _target("is_defaulter", CUSTOMERS, FLAG, "moroso"),
    # Rest
    _target("stated_age", CUSTOMERS, COUNT, "edad"),
    _target("birthdate_date", CUSTOMERS, DATE, "fechanacimiento fechadenacimiento"),
    _target(
        "comment",
        _PERSONS,
        OTHER,
        "observaciones notas nota comentarios comentario notes comments aviso",
    ),
    # Prices, discounts, leaves
    _target(
        "product",
        PRICES,
        OTHER,
        "articulo codarticulo codigoarticulo codigodearticulo producto product sku",
    ),
    *(
        _target(f"price_{n}", PRICES, NUMBER, f"precio{n} price{n} tarifa{n}")
        for n in range(2, 7)
    ),
    _target("price_1", PRICES, NUMBER, "precio precio1 price price1 precioespecial"),
    *(_target(f"pvp_{n}", PRICES, NUMBER, f"pvp{n}") for n in range(2, 7)),
    _target("pvp_1", PRICES, NUMBER, "pvp pvp1"),
    _target("min_price", PRICES, NUMBER, "preciominimo minimo"),
    _target("special_discount", PRICES, NUMBER, "dto descuento dtoespecial"),
    _target("family", FAMILIES, OTHER, "familia categoria family category"),
    _target("discount", FAMILIES, NUMBER, "dto descuento discount"),
    _target("date_from", LEAVES, DATE, "desde fechadesde inicio from datefrom"),
    _target("date_to", LEAVES, DATE, "hasta fechahasta fin to dateto"),
    _target("reason", LEAVES, OTHER, "motivo descripcion reason"),
)


def get_targets(kind):
    """``{code: target}`` of a kind of file."""
    return {target.code: target for target in TARGETS if kind in target.kinds}


def get_words(kind):
    """``{folded word: code of its target}`` of a kind of file.

    >>> words = get_words(CUSTOMERS)
    >>> words["codigo"], words["cifdni"], words["codpostal"], words["telefono1"]
    ('code', 'vat', 'zip', 'phone')
    >>> get_words(PRICES)["codigo"], get_words(CONTACTS)["codigo"]
    ('customer', 'code')
    """
    targets = get_targets(kind).values()
    return {
        word: target.code for target in reversed([*targets]) for word in target.words
    }
