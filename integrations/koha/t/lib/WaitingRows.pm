package WaitingRows;

# A queue in memory, with the methods of the plugin's own.

use strict;
use warnings;

sub new {
    my ( $class, @rows ) = @_;
    my $id = 0;
    return bless { rows => [ map { { id => ++$id, %{$_} } } @rows ], locked => 0 }, $class;
}

sub oldest {
    my ( $self, $most ) = @_;
    my @rows = @{ $self->{rows} };
    return @rows > $most ? @rows[ 0 .. $most - 1 ] : @rows;
}

sub erase {
    my ( $self, @ids ) = @_;
    my %gone = map { $_ => 1 } @ids;
    $self->{rows} = [ grep { !$gone{ $_->{id} } } @{ $self->{rows} } ];
    return;
}

sub erase_before {
    my ( $self, $day ) = @_;
    my $before = @{ $self->{rows} };
    $self->{rows} = [ grep { $_->{queued} ge $day } @{ $self->{rows} } ];
    return $before - @{ $self->{rows} };
}

sub count  { return scalar @{ $_[0]{rows} } }
sub lock   { return $_[0]{held_elsewhere} ? 0 : ( $_[0]{locked} = 1 ) }
sub unlock { $_[0]{locked} = 0; return }

1;
