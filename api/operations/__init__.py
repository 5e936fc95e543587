"""What keeps an installation running: jobs and chores, webhooks, backup and restore, erasure, logs and metrics."""
