package Thing;

# An object that answers by name what a test gave it, as Koha's objects answer by column.

use strict;
use warnings;

our $AUTOLOAD;

sub new {
    my ( $class, %answers ) = @_;
    return bless {%answers}, $class;
}

sub AUTOLOAD {
    my ( $self, @arguments ) = @_;
    my $name = $AUTOLOAD =~ s/.*:://r;
    return if $name eq 'DESTROY';
    die "A thing was asked for '$name', which it has not.\n" unless exists $self->{$name};
    my $answer = $self->{$name};
    return ref $answer eq 'CODE' ? $answer->(@arguments) : $answer;
}

1;
