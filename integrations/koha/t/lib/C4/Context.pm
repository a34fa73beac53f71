package C4::Context;

# Stands in for Koha's: preferences and a database handle that a test sets.

use strict;
use warnings;

our %preference;
our $dbh;

sub preference { return $preference{ $_[1] } }
sub dbh        { return $dbh }

1;
