"""Everything on one machine: a Kafka from wheels, its topics, all processes of gridpulse, and the simulator."""
