"""What a person does: one file an act family, each (target, act, what is known) → what follows, or why not."""
