package Koha::Patrons;

# Stands in for Koha's: the patrons that a test enrolled.

use strict;
use warnings;

our %enrolled;

sub find { return $enrolled{ $_[1] } }

1;
