"""What every package stands on: problems, settings, the database, the queue, field encryption."""
