"""A customer for a race, and the pairs of requests that race on him."""

import itertools

ADDRESS = {"street": "Nueva 1", "zip": "4030001", "city": "Talcahuano"}

# Contacts of type contact below a customer: is the flag right, do e-mail and address
# agree with the customer's?
STALE = """
    SELECT contact.id, contact.name, contact.is_mirror_contact, contact.email,
           customer.email, contact.street, customer.street
      FROM res_partner contact JOIN res_partner customer
        ON customer.id = contact.parent_id
     WHERE customer.id = %(customer)s AND contact.type = 'contact'
       AND ((lower(contact.name) = lower(customer.name))
               != coalesce(contact.is_mirror_contact, false)
         OR (lower(contact.name) = lower(customer.name) AND
             (contact.email, contact.street, contact.street2, contact.zip,
              contact.city, contact.state_id, contact.country_id)
             IS DISTINCT FROM
             (customer.email, customer.street, customer.street2, customer.zip,
              customer.city, customer.state_id, customer.country_id)))
"""


class Card:
    """A customer of his own for one race, with a mirror and another contact."""

    _numbers = itertools.count(1)

    def __init__(self, shop, rows, **vals):
        self.name = f"Carrera {next(self._numbers)}"
        self.call = shop.client("json2", "admin").call
        self._rows = rows
        values = {"name": self.name, "customer_flag": True, "is_company": True}
        values.update(email="vieja@example.com", phone="1", street="Vieja 1")
        (self.id,) = self.create({**values, **vals})
        (self.mirror,) = self.find(self.name)
        contact = {"name": "Juan", "parent_id": self.id, "email": "juan@example.com"}
        (self.contact,) = self.create(contact)
        (self.stranger,) = self.create({"name": self.name, "email": "s@example.com"})

    def create(self, *vals_list):
        return self.call("res.partner", "create", vals_list=list(vals_list))

    def write(self, which, **vals):
        return lambda: self.call("res.partner", "write", [which], vals=vals)

    def add(self, **vals):
        return lambda: self.create({"parent_id": self.id, **vals})

    def order(self):
        vals = {"service_customer_id": self.id}
        return lambda: self.call("fsm.order", "create", vals_list=[vals])

    def delete(self, which):
        return lambda: self.call("res.partner", "unlink", [which])

    def find(self, name):
        query = "SELECT id FROM res_partner WHERE parent_id = %s AND name = %s"
        return [row[0] for row in self._rows(query, self.id, name)]

    def read(self, which, *fnames):
        query = f"SELECT {', '.join(fnames)} FROM res_partner WHERE id = %s"
        found = self._rows(query, which)
        return found[0] if found else None

    def locations(self):
        """The streets of the customer's service locations."""
        query = "SELECT street FROM fsm_location WHERE owner_id = %s"
        place = "JOIN res_partner p ON p.id = partner_id WHERE fsm_location.owner_id"
        return self._rows(query.replace("WHERE owner_id", place), self.id)

    def stale(self):
        return self._rows(STALE.replace("%(customer)s", "%s"), self.id)


def _new_email(card):
    return card.write(card.id, email="nueva@example.com")


def _new_address(card):
    return card.write(card.id, **ADDRESS)


def _new_name(card):
    return card.write(card.id, name="Juan")


# name: two requests, and what must be true of the card afterwards
RACES = {
    "e-mail, address": (
        _new_email,
        _new_address,
        lambda c: c.read(c.id, "email", "street") == ("nueva@example.com", "Nueva 1"),
    ),
    "e-mail, the mirror's phone": (
        _new_email,
        lambda c: c.write(c.mirror, phone="2"),
        lambda c: c.read(c.mirror, "phone") == ("2",),
    ),
    "e-mail, another contact's e-mail": (
        _new_email,
        lambda c: c.write(c.contact, email="j@example.com"),
        lambda c: c.read(c.contact, "email") == ("j@example.com",),
    ),
    "e-mail, new mirror": (
        _new_email,
        lambda c: c.add(name=c.name),
        lambda c: len(c.find(c.name)) == 2,
    ),
    "address, new mirror": (
        _new_address,
        lambda c: c.add(name=c.name.upper()),
        lambda c: len(c.find(c.name.upper())) == 1,
    ),
    "e-mail, contact becomes mirror": (
        _new_email,
        lambda c: c.write(c.contact, name=c.name),
        lambda c: len(c.find(c.name)) == 2,
    ),
    "e-mail, contact moves in": (
        _new_email,
        lambda c: c.write(c.stranger, parent_id=c.id),
        lambda c: len(c.find(c.name)) == 2,
    ),
    "e-mail, mirror moves out": (
        _new_email,
        lambda c: c.write(c.mirror, name="Otra"),
        lambda c: c.read(c.mirror, "name") == ("Otra",),
    ),
    "e-mail, mirror deleted": (
        _new_email,
        lambda c: c.delete(c.mirror),
        lambda c: not c.find(c.name),
    ),
    "rename, both to one name": (
        _new_name,
        lambda c: c.write(c.mirror, name="Juan"),
        lambda c: len(c.find("Juan")) == 2,
    ),
    "rename, new contact of that name": (
        _new_name,
        lambda c: c.add(name="Juan", email="otro@example.com"),
        lambda c: len(c.find("Juan")) == 2,
    ),
    "rename, contact takes that name": (
        lambda c: c.write(c.id, name="Ana"),
        lambda c: c.write(c.contact, name="Ana"),
        lambda c: len(c.find("Ana")) == 1,
    ),
    "rename, contact's e-mail": (
        _new_name,
        lambda c: c.write(c.contact, phone="3"),
        lambda c: c.read(c.contact, "phone") == ("3",),
    ),
    "archive, new mirror": (
        lambda c: c.write(c.id, active=False),
        lambda c: c.add(name=c.name),
        lambda c: c.read(c.id, "active") == (False,),
    ),
    "two fields of a contact": (
        lambda c: c.write(c.contact, phone="4"),
        lambda c: c.write(c.contact, function="Jefe"),
        lambda c: c.read(c.contact, "phone") == ("4",),
    ),
    "e-mail with a contact in the form, that contact": (
        lambda c: c.write(
            c.id,
            email="nueva@example.com",
            child_ids=[[1, c.contact, {"phone": "5"}], [1, c.mirror, {"phone": "6"}]],
        ),
        lambda c: c.write(c.mirror, function="Jefa"),
        lambda c: c.read(c.mirror, "phone") == ("6",),
    ),
    "two service orders of a new customer": (
        lambda c: c.order(),
        lambda c: c.order(),
        lambda c: len(c.locations()) == 1,
    ),
    "address, first service order": (
        _new_address,
        lambda c: c.order(),
        lambda c: c.locations() == [("Nueva 1",)],
    ),
}
