"""The commission: sessions with many cases, opinions, and the answers that are owed to them."""
