"""What programs manage of their owner's: webhooks as the peer's clients do, and how much a key has called."""
