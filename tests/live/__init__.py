"""The whole house over real TCP: every process real, and hurt on purpose."""
