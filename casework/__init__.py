"""What is true of a case whoever asks: people, roles, record, decisions, audit, access."""
