"""Files and messages that try to talk a mentor into things, and harmless ones that look much like them."""
