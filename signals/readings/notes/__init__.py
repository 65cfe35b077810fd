"""What footnotes say, by noun: prices, plans, pay awards, holders, dealings, corrections. `footnotes` joins them."""
