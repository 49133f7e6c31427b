"""What a promotion gives."""


def is_reward(line):
    """Whether a line is what a promotion gives, not only called so.

    :param line: of an order or a ticket; without promotions it has no ``reward_id``
    """
    if "reward_id" not in line._fields or not line.reward_id:
        return False
    # sudo: who sells need not read promotions.
    reward = line.reward_id.sudo()
    given = reward.reward_product_ids | reward.discount_line_product_id
    return line.product_id in given
