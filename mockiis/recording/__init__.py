"""A journal made into a scenario: the same requests get the same answers, and nobody in it is real."""
