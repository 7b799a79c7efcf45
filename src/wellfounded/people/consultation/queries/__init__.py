"""What is read of responses, a module a question: a fixed number of queries, however many responses there are."""
