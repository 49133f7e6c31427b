"""What a promotion gives."""

# Their rewards are paid with a card: without it nothing was given.
_ON_CARDS = {"coupons", "ewallet", "gift_card", "next_order_coupons"}


def is_reward(line):
    """Whether a line is what a promotion gives, not only called so.

    :param line: of an order or a ticket; without promotions it has no ``reward_id``
    """
    if "reward_id" not in line._fields or not line.reward_id:
        return False
    # sudo: who sells need not read promotions.
    reward = line.reward_id.sudo()
    program = reward.program_id
    # sudo: nor cards.
    card = line.sudo().coupon_id
    if program.program_type in _ON_CARDS and card.program_id != program:
        return False
    given = reward.reward_product_ids | reward.discount_line_product_id
    return line.product_id in given
