"""Office verbs about money, people and the service itself."""
