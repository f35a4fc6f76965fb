"""What the built-in IIS decides: whom a message is about, what is stored of it, how a query is answered, what is due."""
