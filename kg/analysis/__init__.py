"""Methods of the field as pure functions on arrays; each names its formula and its source."""
