"""Our own Manus v2 server: speaks the contract, plays a rehearsal mentor, misbehaves on order."""
