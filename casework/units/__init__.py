"""Special units: who is there, who waits, and the steps that ask for, take and leave a place."""
