"""What outlives an answer: the journal of exchanges and the records, in memory or in a database (SQLAlchemy Core)."""
