"""Why a file is not read: a word that the model turns into a sentence."""


class Unreadable(Exception):
    """A file, or a part of it, that is refused.

    :param why: one of the words of ``xpyme.movein._describe_unreadable``
    """

    def __init__(self, why, detail=""):
        super().__init__(why)
        self.why = why
        self.detail = detail
