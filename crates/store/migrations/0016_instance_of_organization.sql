-- The organisation has one instance, and each account may have one: sign-in finds the first without the others.
CREATE INDEX instance_of_organization ON instance (is_organization) WHERE is_organization = 1;
