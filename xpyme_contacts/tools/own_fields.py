"""Which fields are the family's."""


def is_ours(field):
    """Whether a field was made by addons of this family, and by no other."""
    modules = field._modules
    return bool(modules) and all(name.startswith("xpyme_") for name in modules)
