"""The certification suite: cases in YAML, a runner that drives a vendor's sender, and reports.

``case`` says what is sent and expected, ``runner`` yields events, ``checks`` judge, ``reports`` listen. The suite
reaches every registry through the sender under test; only ``harness`` may start a mock.
"""
