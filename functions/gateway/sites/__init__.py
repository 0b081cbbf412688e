"""Sites: the shops of a tenant."""
