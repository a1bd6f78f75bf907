"""Everything on one machine: a Kafka from wheels, its topics, all processes of gridpulse, the simulator, a story."""
