"""What is done to responses, a module an idea. Each writes in one transaction, and leaves an entry in the record."""
