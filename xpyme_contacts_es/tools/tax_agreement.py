"""What a customer's documents carry beside the taxes of the articles."""

from typing import NamedTuple


class TaxAgreement(NamedTuple):
    """``surcharge``: recargo de equivalencia; ``irpf``: percent withheld, of the total
    or of the taxable base; ``forced_tax_id``: VAT of all articles that have one."""

    surcharge: bool = False
    irpf: float = 0.0
    on_total: bool = False
    forced_tax_id: int = 0

    def __bool__(self):
        return bool(self.surcharge or self.irpf or self.forced_tax_id)

    def abroad(self, is_withheld):
        """What is left of it where a sale bears no Spanish VAT.

        :param is_withheld: whether who pays is in Spain, as the Canaries are

        >>> TaxAgreement(True, 15).abroad(False) or "nothing"
        'nothing'
        >>> TaxAgreement(True, 15).abroad(True)
        TaxAgreement(surcharge=False, irpf=15, on_total=False, forced_tax_id=0)
        """
        left = self._replace(surcharge=False)
        return left if is_withheld else left._replace(irpf=0.0, on_total=False)

    def get_key(self, base_id):
        """A text that tells this agreement on top of a fiscal position from others.

        >>> TaxAgreement(True, 15.0, True).get_key(7)
        'position 7, surcharge, irpf 15 total'
        >>> TaxAgreement(irpf=1.5, forced_tax_id=3).get_key(False)
        'position 0, irpf 1.5 base, tax 3'
        """
        parts = [f"position {base_id or 0}"]
        if self.surcharge:
            parts.append("surcharge")
        if self.irpf:
            parts.append(f"irpf {self.irpf:g} {'total' if self.on_total else 'base'}")
        if self.forced_tax_id:
            parts.append(f"tax {self.forced_tax_id}")
        return ", ".join(parts)
