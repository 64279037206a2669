// Loops over preactivations; see the definitions.
