"""Records of the registry for people and other programs: shown in words, as JSON, as a table, as messages. No I/O."""
