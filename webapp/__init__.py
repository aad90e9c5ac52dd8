"""Flask pages and the command line: entrances that translate and decide nothing."""
