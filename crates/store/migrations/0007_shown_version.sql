-- The form that `identity_user.shown` was written in. A reader that knows another form builds the
-- reply from the other columns; an upkeep step rewrites copies in older forms.

ALTER TABLE identity_user ADD COLUMN shown_version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX identity_user_shown_version ON identity_user (shown_version);
