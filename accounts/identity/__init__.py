"""Where allauth meets the house: hashing, mail, social sign-in, passkeys, and the few answers we change."""
