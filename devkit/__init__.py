"""Developer tooling of this repository: what ``./dev`` is made of.

Only the Python standard library is used here, so that ``./dev`` starts on a bare
machine. Two modules run inside the virtual environment instead and may import what
it holds: ``i18n`` and ``pytest_plugin``.
"""
