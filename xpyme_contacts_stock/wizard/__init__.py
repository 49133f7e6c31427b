from . import delivery_note_choice
