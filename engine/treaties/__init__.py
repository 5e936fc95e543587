"""Treaty relations: which instruments bind these States on this date, and why."""
