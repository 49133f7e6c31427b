from . import change_code
