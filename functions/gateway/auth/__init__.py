"""Who calls: logins of people, keys of machines, and what each role may do."""
