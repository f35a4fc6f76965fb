"""What the built-in IIS decides: whom a message is about, what is stored, how a query is answered."""
