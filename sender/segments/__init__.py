"""One module a segment, each with one function that fills it from a record. ``sender.messages`` stitches them."""
